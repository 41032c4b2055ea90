package verger.kernel;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.magic.LineMagic;

/** {@code %lsmagic} lists the magics. */
final class ListMagic implements LineMagic<Object, BaseKernel> {

    @Override
    public Object eval(BaseKernel kernel, List<String> arguments) {
        System.out.println("At the start of a line:  " + named("%", kernel.getMagicsRegistry().getLineMagicNames()));
        System.out.println("At the start of a cell:  " + named("%%", kernel.getMagicsRegistry().getCellMagicNames()));
        return null;
    }

    private static String named(String sign, Set<String> names) {
        return names.stream().sorted().map(sign::concat).collect(Collectors.joining("  "));
    }
}
