/** Llama and what shares its block: RMS norms, rotary positions, grouped-query attention, gated SiLU. */
package org.dilort.model.llama;
