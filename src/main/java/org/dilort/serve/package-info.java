/** A trained model inside a JVM service: as an object, and behind OpenAI's HTTP interface. */
package org.dilort.serve;
