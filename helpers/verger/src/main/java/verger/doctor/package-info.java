/**
 * Looks whether a machine or a cluster has what the notebooks need, before an hour of work finds out: what a person runs first
 * on a new cluster. It changes nothing, and fails at nothing: what is wrong is a row with advice.
 */
package verger.doctor;
