/** Measures of a training step: made-up pairs of given lengths, the clock, the machine, the report. */
package org.dilort.bench;
