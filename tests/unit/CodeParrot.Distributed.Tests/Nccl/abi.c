/* NCCL's functions as a C compiler calls them, written against the documented signatures of NCCL 2.17. Each compares
   what arrives with what NcclCompiledAbiTests sends, and answers 0 if it is the same and 4 (invalid argument) if not. */
#include <stddef.h>

typedef struct { char internal[128]; } ncclUniqueId;
typedef struct {
  size_t size;
  unsigned int magic, version;
  int blocking, cgaClusterSize, minCTAs, maxCTAs;
  const char *netName;
} ncclConfig_t;

static int is(int same) { return same ? 0 : 4; }
static int place(void *p, size_t address) { return (size_t)p == address; }

int ncclGetVersion(int *version) { *version = 21700; return 0; }
int ncclGetUniqueId(ncclUniqueId *id) {
  for (int i = 0; i < 128; i++) id->internal[i] = (char)(i + 1);
  return 0;
}
int ncclCommInitRankConfig(void **comm, int ranks, ncclUniqueId id, int rank, ncclConfig_t *config) {
  int same = ranks == 5 && rank == 3 && config->size == sizeof *config && config->magic == 0xcafebeef
      && config->version == 21700 && config->blocking == 0 && config->cgaClusterSize == -2147483647 - 1
      && config->minCTAs == -2147483647 - 1 && config->maxCTAs == -2147483647 - 1 && config->netName == NULL;
  for (int i = 0; i < 128; i++) same = same && id.internal[i] == (char)(i + 1);
  *comm = (void *)0x77;
  return is(same);
}
int ncclCommFinalize(void *comm) { return is(place(comm, 0x77)); }
int ncclCommDestroy(void *comm) { return is(place(comm, 0x77)); }
int ncclCommAbort(void *comm) { return is(place(comm, 0x77)); }
int ncclCommGetAsyncError(void *comm, int *state) { *state = 7; return is(place(comm, 0x77)); }
const char *ncclGetErrorString(int result) { return result == 6 ? "remote" : "other"; }
int ncclGroupStart(void) { return 0; }
int ncclGroupEnd(void) { return 0; }
int ncclAllReduce(const void *send, void *receive, size_t count, int type, int op, void *comm, void *stream) {
  return is(place((void *)send, 1) && place(receive, 2) && count == 5000000000 && type == 7 && op == 0
      && place(comm, 0x77) && place(stream, 9));
}
int ncclReduceScatter(const void *send, void *receive, size_t count, int type, int op, void *comm, void *stream) {
  return ncclAllReduce(send, receive, count, type, op, comm, stream);
}
int ncclAllGather(const void *send, void *receive, size_t count, int type, void *comm, void *stream) {
  return ncclAllReduce(send, receive, count, type, 0, comm, stream);
}
int ncclBroadcast(const void *send, void *receive, size_t count, int type, int root, void *comm, void *stream) {
  return root == 3 && type == 1 ? ncclAllReduce(send, receive, count, 7, 0, comm, stream) : 4;
}
int ncclReduce(const void *send, void *receive, size_t count, int type, int op, int root, void *comm, void *stream) {
  return root == 3 ? ncclAllReduce(send, receive, count, type, op, comm, stream) : 4;
}
