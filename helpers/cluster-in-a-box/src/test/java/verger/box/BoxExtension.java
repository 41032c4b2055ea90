package verger.box;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one box that all of them share: started for the first, and anew after one that stopped it. */
public final class BoxExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Box.class;
    }

    @Override
    public Box resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(BoxExtension.class))
                .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class).running();
    }

    /** Its end is that of all tests. */
    private static final class Shared implements CloseableResource {

        private Box box;

        Box running() {
            try {
                if (box == null || !box.isRunning()) {
                    box = Box.start();
                }
                return box;
            } catch (Exception e) {
                throw new ParameterResolutionException(e.getMessage(), e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            if (box != null) {
                box.close();
            }
        }
    }
}
