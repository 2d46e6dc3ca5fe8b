/** GPT-NeoX and Pythia: layer norms, parallel residuals, part of each head rotated. */
package org.dilort.model.gptneox;
