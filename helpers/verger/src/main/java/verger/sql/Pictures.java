package verger.sql;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import verger.images.ImageSize;
import verger.images.Images;
import verger.images.RgbImage;
import verger.images.UnusableImageException;
import verger.spark.EqualUdf;
import verger.spark.SqlCall;

/** The functions that need no network. They are records, so that two that do the same are equal. */
final class Pictures {

    private static final StructType SIZE = new StructType()
            .add("width", DataTypes.IntegerType, false)
            .add("height", DataTypes.IntegerType, false);

    private Pictures() {
    }

    static Column size(SqlCall call) {
        return EqualUdf.of(new Size(), SIZE, call.function()).apply(call.binary(0));
    }

    static Column reason(SqlCall call) {
        return EqualUdf.of(new Reason(), DataTypes.StringType, call.function()).apply(call.binary(0));
    }

    static Column label(SqlCall call) {
        return EqualUdf.of(new LabelFunction(), DataTypes.StringType, call.function()).apply(call.string(0));
    }

    static Column thumbnail(SqlCall call) {
        Integer px = call.count(1, "px");
        if (px == null) {
            throw new IllegalArgumentException("image_thumbnail: px must be 1 at least: got null");
        }
        return EqualUdf.of(new ThumbnailFunction(px), DataTypes.BinaryType, call.function()).apply(call.binary(0));
    }

    private record Size() implements Function1<byte[], Object>, Serializable {
        @Override
        public Object apply(byte[] content) {
            try {
                ImageSize size = ImageSize.of(content);
                return RowFactory.create(size.width(), size.height());
            } catch (UnusableImageException e) {
                return null;
            }
        }
    }

    private record Reason() implements Function1<byte[], Object>, Serializable {
        @Override
        public Object apply(byte[] content) {
            try {
                RgbImage.decode(content);
                return null;
            } catch (UnusableImageException e) {
                return e.getMessage();
            }
        }
    }

    private record LabelFunction() implements Function1<String, Object>, Serializable {
        @Override
        public Object apply(String path) {
            return path == null ? null : Images.folder(path);
        }
    }

    private record ThumbnailFunction(int px) implements Function1<byte[], Object>, Serializable {
        @Override
        public Object apply(byte[] content) {
            try {
                return jpeg(RgbImage.decode(content, image -> image.fit(px)).toBufferedImage());
            } catch (UnusableImageException e) {
                return null;
            }
        }

        private static byte[] jpeg(BufferedImage image) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            // ImageIO makes a file for each thumbnail if it is given the bytes themselves.
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                ImageIO.write(image, "jpg", out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
