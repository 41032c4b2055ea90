package verger.charts;
import java.awt.image.BufferedImage;
import org.knowm.xchart.internal.chartpart.Chart;
public final class Pictures { 
 public static byte[] png(Chart<?,?> c){ try { return org.knowm.xchart.BitmapEncoder.getBitmapBytes(c, org.knowm.xchart.BitmapEncoder.BitmapFormat.PNG);} catch(java.io.IOException e){throw new java.io.UncheckedIOException(e);} }
 public static byte[] png(BufferedImage c){ try { var o=new java.io.ByteArrayOutputStream(); javax.imageio.ImageIO.write(c,"png",o); return o.toByteArray();} catch(java.io.IOException e){throw new java.io.UncheckedIOException(e);} }
}
