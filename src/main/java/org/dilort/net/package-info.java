/** HTTP on both sides, in bounded time and space, and what is said over it to Prometheus. */
package org.dilort.net;
