/** The command line: commands, their options and help, exit codes, and the one line that a mistake ends in. */
package org.dilort.cli;
