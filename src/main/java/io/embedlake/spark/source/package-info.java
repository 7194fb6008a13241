/** The rows of a source: ids, texts and hashes as SQL expressions over one version of it. */
package io.embedlake.spark.source;
