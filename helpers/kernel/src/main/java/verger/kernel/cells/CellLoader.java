package verger.kernel.cells;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.InternalException;
import org.dflib.jjava.jupyter.kernel.util.PathsHandler;

/** Loads the classes that JShell makes of cells, keeps their bytes, and tells of each one. */
final class CellLoader extends URLClassLoader implements LoaderDelegate {

    private static final String CLASS_PATH = "java.class.path";

    private final Map<String, byte[]> declared = new ConcurrentHashMap<>();
    private final BiConsumer<String, byte[]> made;

    /** @param made is told the name and the bytes of each class */
    CellLoader(BiConsumer<String, byte[]> made) {
        super(new URL[0], Thread.currentThread().getContextClassLoader());
        this.made = made;
    }

    /** The bytes of a class; null if there is none of this name. */
    byte[] bytes(String name) {
        return declared.get(name);
    }

    /** The bytes of all classes by their names. */
    Map<String, byte[]> all() {
        return declared;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        boolean[] installed = new boolean[classes.length];
        for (ClassBytecodes each : classes) {
            declared.put(each.name(), each.bytecodes());
            made.accept(each.name(), each.bytecodes());
        }
        for (int i = 0; i < classes.length; i++) {
            try {
                findClass(classes[i].name());
            } catch (ClassNotFoundException | LinkageError e) {
                throw new ClassInstallException("Cannot load " + classes[i].name() + ": " + e, installed);
            }
            installed[i] = true;
        }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] classes) {
        for (ClassBytecodes each : classes) {
            declared.put(each.name(), each.bytecodes());
        }
    }

    /** No cell finds it any more; what was made with it lives on. */
    void forget(String name) {
        declared.remove(name);
    }

    @Override
    public void addToClasspath(String path) throws InternalException {
        for (String next : PathsHandler.split(path)) {
            try {
                addURL(Path.of(next).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new InternalException("Not on a class path: " + next + ": " + e.getMessage());
            }
            System.setProperty(CLASS_PATH, System.getProperty(CLASS_PATH) + System.getProperty("path.separator") + next);
        }
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = declared.get(name);
            return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
        }
    }
}
