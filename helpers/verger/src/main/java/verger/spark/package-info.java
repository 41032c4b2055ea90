/**
 * What the stages of Spark ML share: params that refuse what cannot be meant, names and metadata of columns, batches of
 * rows, functions of SQL that Spark takes for equal where they are.
 *
 * <p>A stage keeps its own logic; here is only what a second one needs too. Names of params and the form in which they are
 * saved are promises to saved pipelines. This package knows no image, no network and no file, and it never starts a job.
 */
package verger.spark;
