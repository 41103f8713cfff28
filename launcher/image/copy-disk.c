/*
 * Copies a file, or a folder with all that is in it, where image volumes are not to be had: it runs inside of the image
 * whose disk it copies, which may hold nothing else, so it is static and needs no shell. Holes stay holes, and blocks
 * of zeros become holes; symbolic links are followed, within the image because its root is ours.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { block_bytes = 1 << 16, deepest = 16 };

static char block[block_bytes];
static const char zeros[block_bytes];

static void fail(const char *path, const char *what) {
  fprintf(stderr, "copy-disk: %s %s: %s\n", path, what, strerror(errno));
  exit(1);
}

static void refuse(const char *path, const char *what) {
  fprintf(stderr, "copy-disk: %s %s\n", path, what);
  exit(1);
}

static void make_folder(const char *path) {
  if (mkdir(path, 0755) && errno != EEXIST) fail(path, "cannot be made");
}

static void make_parents(const char *path) {
  char parent[PATH_MAX];
  if (snprintf(parent, sizeof parent, "%s", path) >= (int)sizeof parent) refuse(path, "is too long");
  for (char *end = parent + 1; (end = strchr(end, '/')); *end++ = '/') {
    *end = 0;
    make_folder(parent);
  }
}

static void write_at(int file, const char *path, ssize_t count, off_t offset) {
  for (ssize_t done = 0; done < count;) {
    ssize_t written = pwrite(file, block + done, count - done, offset + done);
    if (written < 0) fail(path, "cannot be written");
    done += written;
  }
}

static void copy_file(const char *from, const char *to, const struct stat *about) {
  int source = open(from, O_RDONLY | O_CLOEXEC);
  if (source < 0) fail(from, "cannot be opened");
  if (unlink(to) && errno != ENOENT) fail(to, "cannot be replaced"); /* an earlier attempt's, read-only */
  int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (target < 0) fail(to, "cannot be made");
  off_t offset = 0;
  while (offset < about->st_size) {
    off_t content = lseek(source, offset, SEEK_DATA);
    if (content < 0 && errno == ENXIO) break; /* nothing but a hole up to the end */
    if (content > offset) offset = content - content % block_bytes;
    ssize_t count = pread(source, block, block_bytes, offset);
    if (count < 0) fail(from, "cannot be read");
    if (count == 0) refuse(from, "became shorter while it was copied");
    if (memcmp(block, zeros, count)) write_at(target, to, count, offset);
    offset += count;
  }
  if (ftruncate(target, about->st_size)) fail(to, "cannot be given its size");
  if (fchmod(target, 0444 | (about->st_mode & 0111))) fail(to, "cannot be made readable");
  if (close(target)) fail(to, "cannot be written");
  close(source);
}

static void copy(const char *from, const char *to, int depth);

static void copy_folder(const char *from, const char *to, int depth) {
  if (depth == deepest) refuse(from, "is nested too deep, or a link that leads back");
  make_folder(to);
  DIR *folder = opendir(from);
  if (!folder) fail(from, "cannot be opened");
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char source[PATH_MAX], target[PATH_MAX];
    if (snprintf(source, sizeof source, "%s/%s", from, entry->d_name) >= (int)sizeof source ||
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name) >= (int)sizeof target)
      refuse(from, "has names that are too long");
    copy(source, target, depth + 1);
  }
  closedir(folder);
}

static void copy(const char *from, const char *to, int depth) {
  struct stat about;
  if (stat(from, &about)) fail(from, "cannot be copied");
  if (S_ISDIR(about.st_mode)) copy_folder(from, to, depth);
  else if (S_ISREG(about.st_mode)) copy_file(from, to, &about);
  else refuse(from, "is neither a file nor a folder");
}

int main(int count, char **arguments) {
  if (count != 3) refuse("usage:", "copy-disk FROM TO");
  make_parents(arguments[2]);
  copy(arguments[1], arguments[2], 0);
  return 0;
}
