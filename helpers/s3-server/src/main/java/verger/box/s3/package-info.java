/**
 * An S3 endpoint on loopback, for tests and for trying the product without AWS: the operations that S3A, the AWS CLI and boto3
 * use for reading and writing objects, with signatures verified, by path-style addresses, on the JDK's own HTTP server.
 *
 * <p>It knows no versions, access rules, presigned addresses or virtual hosts.
 */
package verger.box.s3;
