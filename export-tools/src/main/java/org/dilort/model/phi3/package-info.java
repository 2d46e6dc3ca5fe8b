/** Phi-3: a Llama with its projections fused. */
package org.dilort.model.phi3;
