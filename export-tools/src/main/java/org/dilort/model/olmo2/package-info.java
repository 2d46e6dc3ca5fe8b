/** OLMo 2: norms after attention and feed-forward layer, queries and keys normalised over all heads. */
package org.dilort.model.olmo2;
