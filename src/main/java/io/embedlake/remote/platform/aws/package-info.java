/** Credentials of AWS, by Amazon's SDK. */
package io.embedlake.remote.platform.aws;
