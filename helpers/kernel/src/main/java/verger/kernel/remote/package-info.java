/**
 * The way from a kernel on another machine to its Enterprise Gateway: the arguments that the gateway gives, the ports, the
 * announcement of where the kernel listens, and the orders that come back.
 *
 * <p>It follows the protocol of EG's own launchers, for versions 2.6 and 3.3. Where the gateway is lost, the kernel ends
 * rather than live without an owner. It knows nothing of notebooks, cells or Spark.
 */
package verger.kernel.remote;
