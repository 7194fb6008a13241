/** Providers as platforms of jobs: what a job asks for, made into calls, packed and signed. */
package io.embedlake.remote.platform;
