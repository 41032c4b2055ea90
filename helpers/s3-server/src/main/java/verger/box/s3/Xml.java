package verger.box.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import verger.box.s3.S3Exception.Code;

/** Writes and reads the small XML documents of the S3 API. */
final class Xml {

    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter writer;

    private Xml() throws XMLStreamException {
        writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
    }

    /** Writes elements. */
    interface Content {
        void writeTo(Xml xml) throws XMLStreamException;
    }

    /** A document of S3's namespace. */
    static String document(String root, Content content) {
        return document(root, NAMESPACE, content);
    }

    /** A document of an error, which has no namespace. */
    static String error(Content content) {
        return document("Error", null, content);
    }

    private static String document(String root, String namespace, Content content) {
        try {
            Xml xml = new Xml();
            xml.writer.writeStartDocument("UTF-8", "1.0");
            xml.writer.writeStartElement(root);
            if (namespace != null) {
                xml.writer.writeDefaultNamespace(namespace);
            }
            content.writeTo(xml);
            xml.writer.writeEndDocument();
            xml.writer.close();
            return xml.text.toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An element with text; none at all for null. */
    Xml element(String name, Object value) throws XMLStreamException {
        if (value != null) {
            writer.writeStartElement(name);
            writer.writeCharacters(value.toString());
            writer.writeEndElement();
        }
        return this;
    }

    Xml element(String name, Content content) throws XMLStreamException {
        writer.writeStartElement(name);
        content.writeTo(this);
        writer.writeEndElement();
        return this;
    }

    /** The elements of a name below the root of a document that a client sent. */
    static List<Element> read(InputStream body, String name) throws S3Exception, IOException {
        InputStream whole = new ByteArrayInputStream(body.readAllBytes()); // the parser would close the body
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // which would print what is thrown as well
            return children(builder.parse(whole).getDocumentElement(), name);
        } catch (SAXException e) {
            throw new S3Exception(Code.MalformedXML, "The XML you provided was not well-formed: " + e.getMessage());
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagNameNS("*", name);
        for (int i = 0; i < nodes.getLength(); i++) {
            children.add((Element) nodes.item(i));
        }
        return children;
    }

    /** The text of an element's one child of a name. */
    static String text(Element parent, String name) throws S3Exception {
        List<Element> children = children(parent, name);
        if (children.size() != 1) {
            throw new S3Exception(Code.MalformedXML, "There is no " + name + " in " + parent.getLocalName());
        }
        return children.get(0).getTextContent();
    }
}
