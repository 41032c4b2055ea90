/**
 * What the kernel says of code that is not run: the signature and the documentation of what the cursor is on, and what may be
 * written there.
 *
 * <p>JShell knows the names and the signatures. The texts come from a file in our JARs, from the sources of Spark if the set-up
 * found them, and from the {@code src.zip} of the JDK if it has one.
 */
package verger.kernel.help;
