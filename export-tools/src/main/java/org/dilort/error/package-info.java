/** The few exception types that a user can cause; everything else is a fault of this program. */
package org.dilort.error;
