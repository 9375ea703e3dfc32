/** An answer with Azure's time: its `Date` header, epoch milliseconds. */
export interface AzureAnswer<T> {
  value: T;
  azureAt: number;
  correlationId?: string;
}
