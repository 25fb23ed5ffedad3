namespace Countersign.Delivery.Smpp;

/// <summary>The connection to the message center is lost, was refused, or must be ended. The message has no secrets and no addresses of persons.</summary>
internal sealed class SmppException(string message, Exception? inner = null) : Exception(message, inner);
