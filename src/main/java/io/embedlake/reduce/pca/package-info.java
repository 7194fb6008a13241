/** Principal components: the sums that they are fitted on, and the projection. */
package io.embedlake.reduce.pca;
