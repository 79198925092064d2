// Lists the system calls that a container may make, as Docker's default profile does: all that do not change the whole machine.
// A call that is not listed fails with EPERM (docs.docker.com/engine/security/seccomp names what is left out, and why).
import { readOrEmpty } from '../exec/processes.ts'

const allowed = `
  _llseek _newselect accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32
  clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
  clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
  epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2
  fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl
  fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64
  fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake futimesat
  get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid
  getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid
  getresgid32 getresuid getresuid32 getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid
  getuid32 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy
  io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit ioctl ioprio_get ioprio_set ipc kill
  landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen
  listmount listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack
  membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect
  mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink
  mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat open
  openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll
  ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6
  pselect6_time64 ptrace pwrite64 pwritev pwritev2 read readahead readdir readlink readlinkat readv recv recvfrom
  recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2
  restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn
  rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
  sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
  sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop
  semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto set_robust_list set_thread_area
  set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid
  setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit setsid
  setsockopt setuid setuid32 setxattr setxattrat sgetmask shmat shmctl shmdt shmget shutdown sigaction sigaltstack
  signal signalfd signalfd4 sigpending sigprocmask sigreturn sigsuspend socketcall socketpair splice ssetmask stat
  stat64 statfs statfs64 statmount statx symlink symlinkat sync sync_file_range sync_file_range2 syncfs sysinfo tee
  tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
  timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill truncate truncate64
  ugetrlimit umask uname unlink unlinkat utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid
  write writev
`

/** The new namespaces of clone(2): CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET (linux/sched.h). */
const newNamespaces = 0x7e02_0000
/** personality(2): PER_LINUX, PER_LINUX32, each with UNAME26, and the question for the present one. */
const personalities = [0x0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff]
/** linux/socket.h: AF_ALG (a way into the kernel's cryptography) and AF_VSOCK (to the hypervisor, without a namespace). */
const [AF_ALG, AF_VSOCK] = [38, 40]
/** errno.h: with it, the C library falls back to clone(2), whose flags a filter can read. */
const ENOSYS = 38

/** Node's name of each architecture, with the runtime specification's names of it and of those that it also runs. */
const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
  riscv64: ['SCMP_ARCH_RISCV64'],
  ppc64: ['SCMP_ARCH_PPC64LE'],
  s390x: ['SCMP_ARCH_S390X', 'SCMP_ARCH_S390'],
}

const perArchitecture: Readonly<Record<string, readonly string[]>> = {
  x64: ['arch_prctl', 'modify_ldt'],
  arm64: ['arm_fadvise64_64', 'arm_sync_file_range', 'breakpoint', 'cacheflush', 'set_tls'],
  riscv64: ['riscv_flush_icache'],
  ppc64: ['swapcontext'],
  s390x: ['s390_pci_mmio_read', 's390_pci_mmio_write', 's390_runtime_instr'],
}

/** The filter in the form of the runtime specification (config-linux.md, Seccomp); undefined where the kernel has none. */
export function seccompFilter(architecture: string = process.arch) {
  const names = architectures[architecture]
  if (!names || !kernelHasSeccomp()) return undefined
  const own = perArchitecture[architecture] ?? []
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: names,
    syscalls: [
      // chroot: the container has its capability.
      allow([...allowed.trim().split(/\s+/), ...own, 'chroot']),
      ...personalities.map((value) => allow(['personality'], argument(0, 'EQ', value))),
      // Each rule allows a range: those below, between and above the two.
      allow(['socket'], argument(0, 'LT', AF_ALG)),
      allow(['socket'], argument(0, 'EQ', AF_ALG + 1)),
      allow(['socket'], argument(0, 'GT', AF_VSOCK)),
      // s390 has the flags second (clone(2)).
      allow(['clone'], argument(architecture === 's390x' ? 1 : 0, 'MASKED_EQ', newNamespaces, 0)),
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ],
  }
}

export function kernelHasSeccomp(): boolean {
  return /^Seccomp:/m.test(readOrEmpty('/proc/self/status'))
}

function allow(names: readonly string[], ...args: readonly ReturnType<typeof argument>[]) {
  return { names, action: 'SCMP_ACT_ALLOW', ...(args.length > 0 ? { args } : {}) }
}

function argument(index: number, operator: string, value: number, valueTwo?: number) {
  return {
    index,
    op: `SCMP_CMP_${operator}`,
    value,
    ...(valueTwo === undefined ? {} : { valueTwo }),
  }
}
