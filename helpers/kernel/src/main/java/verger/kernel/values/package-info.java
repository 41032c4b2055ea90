/**
 * How the kernel shows what a cell returns: any value as text, and tables, stages and sessions in HTML, too.
 *
 * <p>It reads what a value has and changes nothing: a stream is not consumed, and the number of a table's rows is said only
 * where no job has to count them.
 */
package verger.kernel.values;
