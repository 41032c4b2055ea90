/**
 * Results on any file system: tables, models, charts and the manifest that says what made them
 * ({@link verger.storage.Results}, {@link verger.storage.Manifest}), the table that a watched folder is appended to
 * ({@link verger.storage.AppendedFeatures}), and what to read back from all of it ({@link verger.storage.Provenance}).
 *
 * <p>A folder with a manifest holds a whole result, all of one run: an earlier result gives way only when the new one is
 * complete. Names of files and columns are promises. Files that are not of a result are never touched, and no credential is
 * ever written.
 */
package verger.storage;
