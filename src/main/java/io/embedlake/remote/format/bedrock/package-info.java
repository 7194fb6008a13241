/** Models of Amazon Bedrock: one path for all, a body for each vendor. */
package io.embedlake.remote.format.bedrock;
