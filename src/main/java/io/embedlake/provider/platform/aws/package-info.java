/** Where Amazon's tools look for the keys of AWS. */
package io.embedlake.provider.platform.aws;
