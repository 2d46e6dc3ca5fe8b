/** Watches a run and says, in one line each, what seems wrong with it: the number, the step, what to try. */
package org.dilort.doctor;
