package verger.box.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;
import verger.box.s3.Bucket.Opened;
import verger.box.s3.ObjectStore.Received;
import verger.box.s3.S3Exception.Code;
import verger.box.s3.Uploads.PartName;
import verger.box.s3.Uploads.Upload;

/** What is asked of uploads in parts. */
final class MultipartOperations {

    private final ObjectStore store;
    private final Uploads uploads;

    MultipartOperations(ObjectStore store, Uploads uploads) {
        this.store = store;
        this.uploads = uploads;
    }

    Response begin(S3Request request) throws S3Exception {
        store.bucket(request.bucket());
        Upload upload = uploads.begin(request.bucket(), request.key(), ObjectOperations.metadata(request));
        return Response.xml(200, Xml.document("InitiateMultipartUploadResult", xml -> xml
                .element("Bucket", upload.bucket()).element("Key", upload.key()).element("UploadId", upload.id())));
    }

    Response part(S3Request request) throws S3Exception, IOException {
        Upload upload = upload(request);
        Received part = ObjectOperations.receive(store, request);
        uploads.addPart(upload, request.number("partNumber", 0), part);
        return Response.empty(200).header("ETag", "\"" + part.etag() + "\"");
    }

    Response copyPart(S3Request request) throws S3Exception, IOException {
        Upload upload = upload(request);
        Opened source = ObjectOperations.source(store, request);
        Received part;
        try (source) {
            ByteRange range = ByteRange.of(request.header("x-amz-copy-source-range"), source.object().length());
            InputStream content = Channels.newInputStream(source.content().position(range == null ? 0 : range.start()));
            part = store.receive(range == null ? content : new BoundedInputStream(content, range.length()));
        }
        uploads.addPart(upload, request.number("partNumber", 0), part);
        return Response.xml(200, Xml.document("CopyPartResult", xml -> xml
                .element("LastModified", BucketOperations.iso(source.object().modified()))
                .element("ETag", "\"" + part.etag() + "\"")));
    }

    Response complete(S3Request request) throws S3Exception, IOException {
        Upload upload = upload(request);
        List<PartName> parts = new ArrayList<>();
        for (Element part : Xml.read(request.content(), "Part")) {
            try {
                parts.add(new PartName(Integer.parseInt(Xml.text(part, "PartNumber").strip()),
                        Xml.text(part, "ETag").strip().replace("\"", "")));
            } catch (NumberFormatException e) {
                throw new S3Exception(Code.MalformedXML, "A PartNumber is a number: " + e.getMessage());
            }
        }
        StoredObject object = uploads.complete(upload, parts,
                there -> Conditions.checkWriting(request, there));
        return Response.xml(200, Xml.document("CompleteMultipartUploadResult", xml -> xml
                .element("Location", "/" + upload.bucket() + "/" + Percent.encodePath(upload.key()))
                .element("Bucket", upload.bucket()).element("Key", upload.key()).element("ETag", object.quotedEtag())));
    }

    Response abort(S3Request request) throws S3Exception, IOException {
        uploads.abort(upload(request));
        return Response.empty(204);
    }

    Response listParts(S3Request request) throws S3Exception {
        Upload upload = upload(request);
        return Response.xml(200, Xml.document("ListPartsResult", xml -> {
            xml.element("Bucket", upload.bucket()).element("Key", upload.key()).element("UploadId", upload.id())
                    .element("IsTruncated", false);
            for (var part : upload.parts().entrySet()) {
                xml.element("Part", one -> one.element("PartNumber", part.getKey())
                        .element("ETag", "\"" + part.getValue().etag() + "\"").element("Size", part.getValue().length()));
            }
        }));
    }

    /** All of them on one page. */
    Response list(S3Request request) throws S3Exception {
        store.bucket(request.bucket());
        List<Upload> found = uploads.list(request.bucket(), request.parameter("prefix", ""));
        boolean url = request.parameter("encoding-type", "").equals("url");
        return Response.xml(200, Xml.document("ListMultipartUploadsResult", xml -> {
            xml.element("Bucket", request.bucket()).element("Prefix", request.parameter("prefix", ""))
                    .element("EncodingType", request.parameter("encoding-type", null)).element("IsTruncated", false);
            for (Upload upload : found) {
                xml.element("Upload", one -> one
                        .element("Key", url ? Percent.encodePath(upload.key()) : upload.key())
                        .element("UploadId", upload.id()).element("StorageClass", "STANDARD")
                        .element("Initiated", BucketOperations.iso(upload.initiated())));
            }
        }));
    }

    private Upload upload(S3Request request) throws S3Exception {
        return uploads.get(request.parameter("uploadId", null), request.bucket(), request.key());
    }
}
