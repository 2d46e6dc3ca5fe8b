/** Whole commands without a command line: what a program that embeds dil-ort calls. */
package org.dilort.job;
