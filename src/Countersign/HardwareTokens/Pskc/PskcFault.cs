namespace Countersign.HardwareTokens.Pskc;

/// <summary>Something in a PSKC file is not as it must be. It ends the reading of one key, never leaves the reader, and its text has no secret.</summary>
internal sealed class PskcFaultException(string message) : Exception(message);
