/** GPT-2: learned positions, layer norms, weights stored transposed. */
package org.dilort.model.gpt2;
