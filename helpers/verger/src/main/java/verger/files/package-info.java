/**
 * Any Hadoop file system, as the other rooms need it: S3 and what it answers in plain words and in good time, tables that
 * appear whole or not at all, and paths that Spark does not take for patterns.
 *
 * <p>Every read and write of a user's path goes through here or follows its settings ({@link verger.files.S3#settings}), so
 * {@code s3://} and {@code s3a://} mean the same everywhere. It knows paths and tables, and neither photographs nor stages.
 * It never keeps credentials and never writes a setting into the session that outlives the call, but for a link to a folder of
 * which Spark cannot take the name ({@link verger.files.LiteralPath#plain}).
 */
package verger.files;
