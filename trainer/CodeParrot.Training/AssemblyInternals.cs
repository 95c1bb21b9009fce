using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CodeParrot.Training.Tests")]
