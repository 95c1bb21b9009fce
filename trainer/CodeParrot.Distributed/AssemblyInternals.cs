using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CodeParrot.Distributed.Tests")]
[assembly: InternalsVisibleTo("CodeParrot.Training.Tests")]
