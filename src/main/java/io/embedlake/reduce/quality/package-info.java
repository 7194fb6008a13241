/** What a reduction keeps of the similarities between vectors, measured on a sample. Pure arithmetic. */
package io.embedlake.reduce.quality;
