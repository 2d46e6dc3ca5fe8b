/** Mistral: Llama's block over a sliding window. */
package org.dilort.model.mistral;
