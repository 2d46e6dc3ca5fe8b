/** What tests share: running a graph, arrays, finite differences, golden files. */
package org.dilort.testing;
