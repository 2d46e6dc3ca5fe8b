/** Files that outlive a kill: written beside, brought to the disk, moved into place; and their hashes. */
package org.dilort.files;
