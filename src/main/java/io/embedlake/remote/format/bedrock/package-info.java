/** Models of Amazon Bedrock: one path for all, a body of its own for each maker. */
package io.embedlake.remote.format.bedrock;
