/** Making vectors shorter: pure float arithmetic on already fitted mappings. No dependencies. */
package io.embedlake.reduce;
