/** Credentials of AWS, by Amazon's SDK. */
package io.embedlake.provider.platform.aws;
