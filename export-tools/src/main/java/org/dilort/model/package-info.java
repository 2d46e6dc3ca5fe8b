/**
 * Causal language models as graphs: what all families share here, each family in a package of its own (configuration,
 * weight names, block).
 */
package org.dilort.model;
