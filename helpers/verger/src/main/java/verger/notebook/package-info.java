/**
 * What notebooks call that is not about photographs: the project's folders, the time that something takes, and the values of
 * their variables on executors.
 *
 * <p>The kernel itself is another JAR, which knows this one. What a notebook computes is never decided here.
 */
package verger.notebook;
