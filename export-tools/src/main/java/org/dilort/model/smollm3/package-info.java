/** SmolLM3: a Llama some of whose layers have no positions. */
package org.dilort.model.smollm3;
