/** Says what went wrong in a cell: where, what, and the way out, in a few lines. */
package verger.kernel.errors;
