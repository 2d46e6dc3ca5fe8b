/**
 * The configuration of a run: immutable records with every key and default, read from YAML or JSON and written back
 * resolved. Nothing here is null: what is left out has a value that says so.
 */
package org.dilort.config;
