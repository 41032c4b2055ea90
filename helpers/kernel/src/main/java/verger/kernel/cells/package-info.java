/**
 * Runs cells: what JShell makes of each snippet, the values of variables, the way of classes and values to executors, the end of
 * Spark jobs when a cell is interrupted.
 *
 * <p>An executor sees a copy of a variable as it was when the job started; what cannot go there is refused in a sentence
 * that names the variable. On {@code local[*]} that stands aside: nothing is copied and nothing is checked.
 */
package verger.kernel.cells;
