/** Gemma 3 text models. */
package org.dilort.model.gemma3;
