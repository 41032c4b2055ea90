package verger.box;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.resourcemanager.ResourceManager;

/**
 * An empty HDFS of one node and YARN's ResourceManager in one JVM, as the {@code *-site.xml} on the class path say.
 *
 * <p>The ResourceManager comes last: whoever reaches it finds HDFS ready, with a home folder of the user who runs it.
 */
public final class HdfsAndResourceManager {

    private static final FsPermission EVERYBODY = new FsPermission((short) 01777);

    private HdfsAndResourceManager() {
    }

    /** Starts both and returns; the JVM goes on until SIGTERM, and ends at once if the start fails. */
    public static void main(String[] arguments) throws Exception {
        // The threads that are started by then would keep a JVM alive that cannot start the rest.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        // Three daemons report metrics of the same names in this JVM.
        DefaultMetricsSystem.setMiniClusterMode(true);
        startHdfs(new HdfsConfiguration());
        ResourceManager resourceManager = new ResourceManager();
        resourceManager.init(new YarnConfiguration());
        resourceManager.start();
    }

    private static void startHdfs(Configuration configuration) throws IOException, InterruptedException {
        NameNode.format(configuration);
        NameNode nameNode = NameNode.createNameNode(new String[0], configuration);
        DataNode dataNode = DataNode.createDataNode(new String[0], configuration);
        while (nameNode.isInSafeMode() || !dataNode.isDatanodeFullyStarted()) {
            Thread.sleep(50);
        }
        FileSystem files = FileSystem.get(configuration);
        Path temporary = new Path("/tmp");
        files.mkdirs(temporary);
        files.setPermission(temporary, EVERYBODY); // mkdirs alone is subject to the umask
        files.mkdirs(new Path("/user", UserGroupInformation.getCurrentUser().getShortUserName()));
    }
}
